// A client of the eID built on openid-client, by nothing but its documented calls. It is told of the eID what any
// client is told: the issuer's address, and its own registration. It says line by line (JSON) where the browser has to
// go and what it was given; what the browser brings back comes line by line too.
import { createInterface } from 'node:readline'
import { readFile } from 'node:fs/promises'
import * as oidc from '../node_modules/openid-client/build/index.js'

const told = JSON.parse(await readFile(process.argv[2], 'utf8'))
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (name, value) => process.stdout.write(JSON.stringify({ [name]: value }) + '\n')
const hear = async () => (await lines.next()).value

const key = {
  key: await crypto.subtle.importKey('jwk', told.key, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']),
  kid: told.key.kid,
}
const config = await oidc.discovery(
  new URL(told.issuer),
  told.metadata.client_id,
  { ...told.metadata, use_mtls_endpoint_aliases: undefined },
  oidc.PrivateKeyJwt(key),
  { execute: [oidc.allowInsecureRequests, oidc.enableNonRepudiationChecks] },
)
const DPoP = oidc.getDPoPHandle(config, await oidc.randomDPoPKeyPair('ES256'))

// Sign in: a pushed request, PKCE, state and nonce, tokens bound to a key.
const pkceCodeVerifier = oidc.randomPKCECodeVerifier()
const [expectedState, expectedNonce] = [oidc.randomState(), oidc.randomNonce()]
const redirect = await oidc.buildAuthorizationUrlWithPAR(
  config,
  {
    redirect_uri: told.metadata.redirect_uris[0],
    scope: 'openid email offline_access',
    code_challenge: await oidc.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    acr_values: 'substantial',
    ui_locales: 'en',
    state: expectedState,
    nonce: expectedNonce,
  },
  { DPoP },
)
say('sign_in', redirect.href)
const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true, maxAge: 600 }
const tokens = await oidc.authorizationCodeGrant(config, new URL(await hear()), checks, undefined, { DPoP })
say('tokens', { type: tokens.token_type, scope: tokens.scope, claims: tokens.claims() })
say('userinfo', await oidc.fetchUserInfo(config, tokens.access_token, tokens.claims().sub, { DPoP }))

// Stay connected, then give the tokens back.
const renewed = await oidc.refreshTokenGrant(config, tokens.refresh_token, undefined, { DPoP })
say('refreshed', { rotated: renewed.refresh_token !== tokens.refresh_token, sub: renewed.claims().sub })
say('introspected', await oidc.tokenIntrospection(config, renewed.access_token))
await oidc.tokenRevocation(config, renewed.refresh_token)
say('revoked', (await oidc.tokenIntrospection(config, renewed.access_token)).active)

// Ask on a phone.
const question = await oidc.initiateBackchannelAuthentication(config, {
  scope: 'openid',
  login_hint: told.person,
  binding_message: 'Counter 4, ticket A-017',
})
say('phone', question)
const answered = await oidc.pollBackchannelAuthenticationGrant(config, question, undefined, { DPoP })
say('answered', answered.claims())

// Sign out.
const end = { id_token_hint: tokens.id_token, post_logout_redirect_uri: told.metadata.post_logout_redirect_uris[0] }
say('sign_out', oidc.buildEndSessionUrl(config, { ...end, state: 'left' }).href)
process.exit(0)
