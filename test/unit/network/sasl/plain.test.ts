import { describe, expect, it } from 'vitest'
import { AuthenticationError } from '../../../../src/errors.js'
import { credentialsProblem } from '../../../../src/network/sasl/credentials.js'
import { plain } from '../../../../src/network/sasl/plain.js'
import { firstLogin, text } from './login-context.js'

const alice = { username: 'alice', password: 'sécret' }

describe('PLAIN', () => {
  it('sends one message with an empty authorization id', async () => {
    const login = await plain(() => alice).start(firstLogin)
    expect(await login.next(null)).toEqual(Buffer.from('\0alice\0sécret'))
    expect(await login.next(new Uint8Array())).toBeNull()
  })

  it('refuses a broker that goes on', async () => {
    const login = await plain(() => alice).start(firstLogin)
    await login.next(null)
    expect(() => login.next(Buffer.from('more'))).toThrow(AuthenticationError)
  })

  it.each([
    [{ username: 'alice', password: 'marker-secret\n' }, 'the password ends with a line break'],
    [{ username: 'alice', password: 'marker-secret\r\n' }, 'the password ends with a line break'],
    [{ username: 'alice', password: 'marker-secret \n' }, 'the password ends with a line break'],
    [{ username: 'alice', password: ' marker-secret' }, 'the password begins with white space'],
    [{ username: 'alice', password: '\ufeffmarker-secret' }, 'the password begins with a byte order mark'],
    [{ username: 'alice\t', password: 'marker-secret' }, 'the user name ends with white space'],
    [
      { username: '\nalice', password: ' marker-secret\n' },
      'the user name begins with a line break, the password begins with white space, the password ends with a line break',
    ],
  ])('says after a refusal what may be wrong with the credentials: %j', async (given, found) => {
    const login = await plain(() => given).start(firstLogin)
    const { hint = '' } = login.refused?.(null) ?? {}
    expect(hint).toBe(`${found}: remove what does not belong there`)
  })

  it('says nothing of credentials without white space around them', async () => {
    const login = await plain(() => ({ username: 'al ice', password: 'my\nsecret' })).start(firstLogin)
    expect(login.refused?.(null)).toEqual({})
  })

  it('asks for credentials at each login', async () => {
    let count = 0
    const mechanism = plain(async () => ({ username: 'u', password: `p${++count}` }))
    const first = await mechanism.start(firstLogin)
    const second = await mechanism.start(firstLogin)
    expect([text(await first.next(null)), text(await second.next(null))]).toEqual(['\0u\0p1', '\0u\0p2'])
  })

  it.each([
    [null, 'an object with username and password'],
    ['alice', 'an object with username and password'],
    [{ password: 'x' }, 'username must be a string'],
    [{ username: 'x', password: 7 }, 'password must be a string'],
    [{ username: '', password: 'x' }, 'username must not be empty'],
    [{ username: 'x', password: '' }, 'password must not be empty'],
    [{ username: 'x\0y', password: 'x' }, 'username must not contain the character NUL'],
    [{ username: 'x', password: 'x\0y' }, 'password must not contain the character NUL'],
    [Object.create(alice), 'username must be a string'],
  ])('does not take %o for credentials', async (given, problem) => {
    expect(credentialsProblem(given)).toContain(problem)
    const mechanism = plain(() => given as never)
    await expect(mechanism.start(firstLogin)).rejects.toThrow(problem)
  })
})
