import { z } from 'zod';
import { poolProblems, siteProblems } from './nginx-rules';

/** These texts become part of nginx.conf, where such a character would end the directive. */
export const plainText = z
  .string()
  .regex(/^[^\s"';{}$\\]+$/, 'must be free of blanks, quotes and any of ; { } $ \\');
/** Paths are quoted there: blanks are welcome. */
const filePath = z
  .string()
  .min(1)
  .regex(/^[^"$\\\n]+$/, 'must be free of double quotes, dollar signs and backslashes');
export const port = z.int().min(1).max(65_535);

/** Text for /bin/sh -c. */
const command = z.string().min(1).nullable().default(null);

const tls = z.strictObject({
  /** PEM files: the certificate with its chain, and its key */
  certificate: filePath,
  key: filePath,
});

const limit = z.strictObject({
  perMinute: z.int().min(1).max(1_000_000),
  /** so many at once, before the pace counts */
  burst: z.int().min(0).max(1_000_000),
});

/** `live` is the live colour; others are `host:port` or `unix:/path`. */
const server = z
  .string()
  .regex(
    /^(live|unix:\/[^\s"';{}$\\]+|(?!unix:)[A-Za-z0-9.[\]:-]+:\d{1,5})$/,
    'must be live, host:port or unix:/path',
  );

const pool = z
  .strictObject({
    mode: z.enum(['bluegreen', 'balanced', 'sticky']).default('bluegreen'),
    servers: z.array(server).default(['live']),
    /** these get requests when no other server answers */
    backup: z.array(server).default([]),
    /** of the servers: out of service, and nobody else's client moves */
    down: z.array(server).default([]),
    /** what a client is recognised by: address, ip_hash (nginx's own, by the first three octets) or cookie:<name> */
    by: z
      .string()
      .regex(/^(address|ip_hash|cookie:[A-Za-z0-9_]{1,64})$/, 'must be address, ip_hash or cookie:<name>')
      .optional(),
  })
  .prefault({})
  .superRefine((value, context) => {
    for (const message of poolProblems(value)) context.addIssue({ code: 'custom', message });
  });

/** A name of a cookie that nginx can have a variable for. */
const cookieName = z.string().regex(/^[A-Za-z0-9_]{1,64}$/, 'must be letters, digits and underscores');

const preview = z.strictObject({
  header: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/, 'must be letters, digits and dashes')
    .default('X-Preview'),
  cookie: cookieName.default('haru_preview'),
  /** what a person is known by for the share; null, or where it is missing: the address */
  stableCookie: cookieName.nullable().default(null),
  /** how long a token is good */
  tokenHours: z.int().min(1).max(720).default(12),
});

const develop = z.strictObject({
  serverName: plainText,
  /** unset: the port of the first site */
  port: port.optional(),
  /** its own app */
  server,
  staticRoot: filePath,
  adminRoot: filePath.nullable().default(null),
  tls: tls.nullable().default(null),
});

/** The `nginx` section of `deploy.yml`. The defaults are a plain site for one machine. */
export const nginxSchema = z
  .strictObject({
    /** true: a private nginx, started and adopted by the tool; false: somebody runs one with our configuration */
    manage: z.boolean().default(true),
    /** with manage: false, a socket where that nginx serves this site without TLS; null: host and port are asked */
    siteSocket: filePath.nullable().default(null),
    /** with manage: false, that nginx's log of this site, which the watch after a switch reads; null: our own name for it */
    accessLog: filePath.nullable().default(null),
    /** with switch.strategy: reload, the file with the live colour's server; null: our own name for it */
    include: filePath.nullable().default(null),
    /** with manage: false and reload, by /bin/sh: whether its configuration is good (null: not asked before the reload) */
    checkCommand: command,
    /** and what makes it read the configuration again */
    reloadCommand: command,
    /** its pid file and its error log: how its processes are watched, and in whose words it refuses; null: not looked at */
    pidFile: filePath.nullable().default(null),
    errorLog: filePath.nullable().default(null),
    host: plainText.default('127.0.0.1'),
    port: port.default(8_080),
    serverName: plainText.default('localhost'),
    /** the web client's files */
    staticRoot: filePath.default('infra/nginx/www'),
    /** the files below /admin; null: there is no such client */
    adminRoot: filePath.nullable().default(null),
    /** the files below /storybook; null: there is none */
    storybookRoot: filePath.nullable().default(null),
    maxBodyKiB: z.int().min(1).max(1_048_576).default(1_024),
    /** user of the workers; unset: whoever runs the tool, where that is root */
    user: plainText.optional(),
    workers: z.union([z.literal('auto'), z.int().min(1).max(256)]).default('auto'),
    /** how long an answer may take; a websocket is silent for 45 s at most (ping interval and timeout) */
    readTimeoutS: z.int().min(75).max(86_400).default(90),
    /** how long an nginx process that was replaced by a reload may still hold its websockets */
    workerShutdownS: z.int().min(1).max(86_400).default(600),
    /** null: plain HTTP */
    tls: tls
      .extend({
        port: port.default(443),
        /** how long browsers refuse plain HTTP from then on; 0: they are not told to */
        hstsMaxAgeS: z.int().min(0).max(63_072_000).default(86_400),
      })
      .nullable()
      .default(null),
    /** where an ACME client leaves its answers (`<acmeRoot>/.well-known/acme-challenge/…`); null: nowhere */
    acmeRoot: filePath.nullable().default(null),
    contentSecurityPolicy: z
      .string()
      .regex(/^[^"$\\\n]+$/, 'must be one line without double quotes, dollar signs and backslashes')
      .default("base-uri 'self'; object-src 'none'; frame-ancestors 'self'"),
    /** on logging in and on entering codes, by address; null: the service's own limits are all there is */
    limits: z.strictObject({ login: limit, codes: limit }).nullable().default(null),
    pool,
    /** of 127.0.0.1, where Prometheus finds /blue/metrics, /green/metrics and both health answers; null: nowhere */
    scrapePort: port.nullable().default(null),
    /** what people are told to wait during maintenance */
    maintenanceRetryAfterS: z.int().min(1).max(86_400).default(60),
    /** who may see a release before the switch (the command `preview`); null: nobody */
    preview: preview.nullable().default(null),
    /** a second site on the same nginx; null: there is none */
    develop: develop.nullable().default(null),
  })
  .prefault({})
  .superRefine((value, context) => {
    for (const message of siteProblems(value)) context.addIssue({ code: 'custom', message });
  });

export type NginxSettings = Readonly<z.output<typeof nginxSchema>>;
