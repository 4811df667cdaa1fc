import { PassThrough, Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { Terminal } from '../../../src/cli/terminal.js'

class Screen extends Writable {
  readonly columns = 20
  text = ''
  readonly isTTY: boolean

  constructor(isTTY: boolean) {
    super()
    this.isTTY = isTTY
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString()
    done()
  }
}

const terminalWith = (stderr: Writable) => new Terminal(new PassThrough(), new Screen(false), stderr)

describe('progress', () => {
  it('is one line on a terminal, cut to its width, and removed before a message', () => {
    const screen = new Screen(true)
    const terminal = terminalWith(screen)
    terminal.status('12345678901234567890')
    terminal.status('two')
    terminal.say('done')
    terminal.say('again')
    expect(screen.text).toBe('\r\x1b[K1234567890123456789\r\x1b[Ktwo\r\x1b[Kodradek: done\nodradek: again\n')
  })

  it('is not shown elsewhere', () => {
    const screen = new Screen(false)
    const terminal = terminalWith(screen)
    terminal.status('two')
    terminal.clearStatus()
    expect(screen.text).toBe('')
  })
})

describe('a prompt', () => {
  it('is at the beginning of a line, and again after a message', () => {
    const screen = new Screen(true)
    const terminal = terminalWith(screen)
    terminal.prompt()
    terminal.say('told meanwhile')
    expect(screen.text).toBe('>\nodradek: told meanwhile\n>')
    // The line feed that ends a typed line moves the cursor below it.
    terminal.answered()
    terminal.say('told after it')
    expect(screen.text).toBe('>\nodradek: told meanwhile\n>odradek: told after it\n')
  })

  it('without an answer stays on its line', () => {
    const screen = new Screen(true)
    const terminal = terminalWith(screen)
    terminal.prompt()
    terminal.clearStatus()
    terminal.say('done')
    expect(screen.text).toBe('>\nodradek: done\n')
  })

  it('is not shown elsewhere', () => {
    const screen = new Screen(false)
    const terminal = terminalWith(screen)
    terminal.prompt()
    terminal.clearStatus()
    expect(screen.text).toBe('')
  })
})

describe('an interruption', () => {
  it('first asks for an end in order, and the second time for an end at once', () => {
    const terminal = terminalWith(new Screen(false))
    terminal.interrupt('SIGTERM')
    expect([terminal.interrupted.aborted, terminal.abandoned.aborted]).toEqual([true, false])
    expect(terminal.interruptedExitCode).toBe(143)
    terminal.interrupt('SIGINT')
    expect(terminal.abandoned.aborted).toBe(true)
    expect(terminal.interruptedExitCode).toBe(143)
  })

  it('by SIGHUP asks for an end in order, however often it comes', () => {
    const terminal = terminalWith(new Screen(false))
    terminal.interrupt('SIGHUP')
    terminal.interrupt('SIGHUP')
    expect([terminal.interrupted.aborted, terminal.abandoned.aborted]).toEqual([true, false])
    expect(terminal.interruptedExitCode).toBe(129)
    terminal.interrupt('SIGTERM')
    expect(terminal.abandoned.aborted).toBe(true)
  })
})

describe('an output that nobody reads any more', () => {
  it('ends the command with exit code 1 and is not written to again', () => {
    const stderr = new Screen(false)
    const stdout = new Screen(false)
    const terminal = new Terminal(new PassThrough(), stdout, stderr)
    let told = 0
    terminal.onBroken(() => told++)
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    stdout.emit('error', broken)
    stdout.emit('error', broken)
    terminal.print('more')
    expect(stderr.text).toBe('odradek: cannot write to stdout: broken pipe (EPIPE)\n')
    expect(stdout.text).toBe('')
    expect(told).toBe(1)
    expect([terminal.isBroken, terminal.interrupted.aborted, terminal.interruptedExitCode]).toEqual([
      true,
      true,
      1,
    ])
  })
})
