/** A conspicuous text, so that broker tests that did not run do not look like tests that passed. */
export function notRunBanner(what: string, reason: string): string {
  const lines = [
    `${what.toUpperCase()}: NOT RUN`,
    `BECAUSE ${reason.toUpperCase()}.`,
    '',
    'TO RUN THEM, INSTALL JAVA 17 OR LATER (A JDK) AND MAVEN:',
    '  apt-get install default-jdk-headless maven',
    'OR SET KAFKA_BOOTSTRAP=host:port TO A RUNNING CLUSTER.',
  ]
  const width = Math.max(...lines.map((line) => line.length))
  const rule = '#'.repeat(width + 6)
  const framed = lines.map((line) => `## ${line.padEnd(width)} ##`)
  return `\n${[rule, ...framed, rule].join('\n')}\n`
}
