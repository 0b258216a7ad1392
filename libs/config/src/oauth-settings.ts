import { z } from 'zod';

/** Login providers, in the lower-case names of the wire. */
export const OAUTH_PROVIDERS = ['google', 'kakao', 'naver'] as const;
export type OAuthProviderName = (typeof OAUTH_PROVIDERS)[number];

/** Where a provider is and as whom this service comes to it. */
export interface OAuthProviderSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The web client's own page, to which the provider sends those who logged in there. */
  readonly redirectUri: string;
  readonly authorizeUri: string;
  readonly tokenUri: string;
  readonly userInfoUri: string;
}

export interface OAuthSettings {
  /** A provider that is not configured is not here. */
  readonly providers: Readonly<Partial<Record<OAuthProviderName, OAuthProviderSettings>>>;
  /** Pages to which the redirect login may come back: exactly these. */
  readonly returnUrls: readonly string[];
}

/** As much as a column for an address holds. */
const MAX_ADDRESS_LENGTH = 2_048;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];
const ADDRESS = 'an https:// address without a user name and a fragment (http:// on localhost only)';

/** Codes and secrets go there: in the clear only where nobody is in between. */
function isAddress(text: string): boolean {
  if (!URL.canParse(text) || text.includes('#') || text.length > MAX_ADDRESS_LENGTH) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSafe = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
  return isSafe && username === '' && password === '';
}

const address = () => z.string().refine(isAddress, `must be ${ADDRESS}`);
/** VSCHAR without the blank (RFC 6749, appendix A): a blank is a slip of copy and paste. */
const credential = () => z.string().regex(/^[\x21-\x7e]{1,512}$/, 'must be 1 to 512 characters, no blanks');

const PRESETS = {
  GOOGLE: {
    authorize: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
    userInfo: 'https://openidconnect.googleapis.com/v1/userinfo',
  },
  KAKAO: {
    authorize: 'https://kauth.kakao.com/oauth/authorize',
    token: 'https://kauth.kakao.com/oauth/token',
    userInfo: 'https://kapi.kakao.com/v2/user/me',
  },
  NAVER: {
    authorize: 'https://nid.naver.com/oauth2.0/authorize',
    token: 'https://nid.naver.com/oauth2.0/token',
    userInfo: 'https://openapi.naver.com/v1/nid/me',
  },
} as const;

type Name = keyof typeof PRESETS;
const NEEDED = ['CLIENT_ID', 'CLIENT_SECRET', 'REDIRECT_URI'] as const;
const PRESET = ['AUTHORIZE_URI', 'TOKEN_URI', 'USER_INFO_URI'] as const;
type Shape<N extends Name> = Record<
  `OAUTH_${N}_${(typeof NEEDED)[number]}`,
  z.ZodOptional<ReturnType<typeof address>>
> &
  Record<`OAUTH_${N}_${(typeof PRESET)[number]}`, z.ZodDefault<ReturnType<typeof address>>>;

function settingsOf<N extends Name>(name: N): Shape<N> {
  const { authorize, token, userInfo } = PRESETS[name];
  const provider = `${name.charAt(0)}${name.slice(1).toLowerCase()}`;
  const unit = 'address';
  return {
    [`OAUTH_${name}_CLIENT_ID`]: credential()
      .optional()
      .meta({
        description: `as whom this service is registered with ${provider}; unset: no login by ${provider}`,
      }),
    [`OAUTH_${name}_CLIENT_SECRET`]: credential()
      .optional()
      .meta({ description: `what proves that to ${provider}`, secret: true }),
    [`OAUTH_${name}_REDIRECT_URI`]: address()
      .optional()
      .meta({
        description:
          `page of the web client to which ${provider} sends people; the redirect login comes back to ` +
          `\`/api/v2/auth/oauth/${name.toLowerCase()}/callback\` on the same origin. Register both with ${provider}`,
        unit,
      }),
    [`OAUTH_${name}_AUTHORIZE_URI`]: address()
      .default(authorize)
      .meta({ description: `where people log in with ${provider}; its origin is the issuer`, unit }),
    [`OAUTH_${name}_TOKEN_URI`]: address()
      .default(token)
      .meta({ description: `where ${provider} takes a code`, unit }),
    [`OAUTH_${name}_USER_INFO_URI`]: address()
      .default(userInfo)
      .meta({ description: `where ${provider} says who somebody is`, unit }),
  } as unknown as Shape<N>;
}

const isPage = (text: string) => isAddress(text) && new URL(text).href === text;

/** Every setting of the login providers. */
export const OAUTH_SHAPE = {
  ...settingsOf('GOOGLE'),
  ...settingsOf('KAKAO'),
  ...settingsOf('NAVER'),
  OAUTH_RETURN_URLS: z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .refine(
      (list) => list.every(isPage),
      `must be a comma-separated list, each ${ADDRESS}, written as browsers write it, such as https://study.example/home`,
    )
    .prefault('')
    .meta({
      description:
        'pages to which the redirect login may come back, comma-separated, compared to the letter; empty: none',
      unit: 'addresses',
    }),
};

type Given = Readonly<Record<string, string | undefined>>;
type OAuthEnv = z.output<z.ZodObject<typeof OAUTH_SHAPE>>;

/** @returns what is missing of a provider that is configured by half; a preset written out configures nothing */
export function missingOAuth(given: Given): string[] {
  return (Object.keys(PRESETS) as Name[]).flatMap((name) => {
    const presets: unknown[] = [undefined, ...Object.values(PRESETS[name])];
    const isSet = (what: string) => !presets.includes(given[`OAUTH_${name}_${what}`]);
    if (![...NEEDED, ...PRESET].some(isSet)) return [];
    return NEEDED.filter((what) => given[`OAUTH_${name}_${what}`] === undefined).map(
      (what) => `OAUTH_${name}_${what}: is missing: a provider is configured wholly or not at all`,
    );
  });
}

/** @param env of which {@link missingOAuth} misses nothing */
export function readOAuth(env: OAuthEnv): OAuthSettings {
  const providers = OAUTH_PROVIDERS.flatMap((provider) => {
    const settings = readProvider(env, provider.toUpperCase() as Name);
    return settings === undefined ? [] : [[provider, settings] as const];
  });
  return Object.freeze({
    providers: Object.freeze(Object.fromEntries(providers)),
    returnUrls: Object.freeze(env.OAUTH_RETURN_URLS),
  });
}

function readProvider(env: OAuthEnv, name: Name): OAuthProviderSettings | undefined {
  const clientId = env[`OAUTH_${name}_CLIENT_ID`];
  const clientSecret = env[`OAUTH_${name}_CLIENT_SECRET`];
  const redirectUri = env[`OAUTH_${name}_REDIRECT_URI`];
  if (clientId === undefined || clientSecret === undefined || redirectUri === undefined) return undefined;
  return Object.freeze({
    clientId,
    clientSecret,
    redirectUri,
    authorizeUri: env[`OAUTH_${name}_AUTHORIZE_URI`],
    tokenUri: env[`OAUTH_${name}_TOKEN_URI`],
    userInfoUri: env[`OAUTH_${name}_USER_INFO_URI`],
  });
}
