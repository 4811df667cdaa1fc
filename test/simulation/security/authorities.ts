import { X509Certificate } from 'node:crypto'

/** The two authorities of a simulated world, of which nobody has the key. */
export type Authority = 'root' | 'other-root'

/** Their certificates in PEM, as test/support/certificates has them. */
export const AUTHORITIES: Readonly<Record<Authority, string>> = {
  root: `-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIUUq1v58IfE+V1Pxw73lTE13pB7XcwCgYIKoZIzj0EAwIw
DzENMAsGA1UEAwwEcm9vdDAgFw0yNjExMjgxNDQ2MTFaGA8yMTI2MTEwNDE0NDYx
MVowDzENMAsGA1UEAwwEcm9vdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABLi9
kvTIjR8eMml6+WMdGLc3p0FvSsl9UhZISc5OehB8o7hVeot5+8KMKC7zdnFzNXfY
8OoO+2dC8/x2hzTpJDajYzBhMB0GA1UdDgQWBBQWBhTG78UsTM/4MoLnVqerUp3S
PTAfBgNVHSMEGDAWgBQWBhTG78UsTM/4MoLnVqerUp3SPTAPBgNVHRMBAf8EBTAD
AQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQDAgNIADBFAiEA2sQtqh3gSJt+
ImhJEXxluEwfDCv9/B5Khgmp0uOzhzUCICLoKWwjF0QOmlccDsqlqc90OkPGMUFo
YmkMJ6ppOpHQ
-----END CERTIFICATE-----
`,
  'other-root': `-----BEGIN CERTIFICATE-----
MIIBkDCCATegAwIBAgIUKTiFr/sucFMaH5hxs7BRMy2rEiEwCgYIKoZIzj0EAwIw
FTETMBEGA1UEAwwKb3RoZXItcm9vdDAgFw0yNjExMjgxNDQ2MTFaGA8yMTI2MTEw
NDE0NDYxMVowFTETMBEGA1UEAwwKb3RoZXItcm9vdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABMudqjKXMuWJGwJYDXdYlgYYFSFMNoUHpM9wu6JZh5K2jG+w5R/d
wOGCy1zW1lq2Pt42krb8qhSO07MOrOG3ne2jYzBhMB0GA1UdDgQWBBSqr2JYOyIu
hwj2k/6LC25QSREsBzAfBgNVHSMEGDAWgBSqr2JYOyIuhwj2k/6LC25QSREsBzAP
BgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQDAgNHADBE
AiBj/+PcHL3euMPCPDmbjW3QVGhxktiNiuv50CEvOYdNpAIgQEh8k+VS8L3b+LVu
t0+v/WtI0bmPYhXkdPCgrgyFvTI=
-----END CERTIFICATE-----
`,
}

const subjects = new Map<string, string>()

/** Whether a list of trusted certificates has the one of an authority. */
export function trusts(ca: readonly string[], authority: Authority): boolean {
  return ca.some((pem) => subjectOf(pem) === `CN=${authority}`)
}

function subjectOf(pem: string): string {
  const known = subjects.get(pem)
  if (known !== undefined) return known
  const { subject } = new X509Certificate(pem)
  subjects.set(pem, subject)
  return subject
}
