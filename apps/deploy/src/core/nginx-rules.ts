/** Combinations that nginx refuses, or takes with a warning and then ignores: said before nginx is asked. */

type Pool = Readonly<{
  mode: 'bluegreen' | 'balanced' | 'sticky';
  servers: readonly string[];
  backup: readonly string[];
  down: readonly string[];
  by?: string | undefined;
}>;

type Named = Readonly<{ serverName: string; tls: object | null }>;

type Sites = Named &
  Readonly<{
    port: number;
    tls: Readonly<{ port: number }> | null;
    develop: (Named & Readonly<{ port?: number | undefined }>) | null;
    scrapePort: number | null;
  }>;

/** @returns what is wrong with a pool; empty when nothing is */
export function poolProblems(pool: Pool): readonly string[] {
  return [...modeProblems(pool), ...serverProblems(pool)];
}

function modeProblems({ mode, servers, backup, down, by }: Pool): readonly string[] {
  switch (mode) {
    case 'bluegreen':
      return servers.join() === 'live' && backup.length + down.length === 0 && by === undefined
        ? []
        : [
            'bluegreen has the live colour alone; mode must be balanced or sticky for servers, backup, down or by',
          ];
    case 'balanced':
      return by === undefined ? [] : ['by is for mode sticky; balanced recognises nobody'];
    case 'sticky':
      return backup.length === 0
        ? []
        : [
            'sticky cannot have a backup: nginx refuses it with hash and ip_hash ("does not support parameter")',
          ];
  }
}

function serverProblems({ servers, backup, down }: Pool): readonly string[] {
  const all = [...servers, ...backup];
  const twice = all.filter((server, index) => all.indexOf(server) !== index);
  const strangers = down.filter((server) => !servers.includes(server));
  const isEmpty = servers.every((server) => down.includes(server));
  return [
    ...twice.map((server) => `${server} is named twice`),
    ...strangers.map((server) => `${server} is down, but not one of the servers`),
    ...(isEmpty ? ['at least one of the servers must be in service'] : []),
    ...(all.includes('live') ? [] : ['live must be one of the servers: a deploy would change nothing']),
  ];
}

/** @returns what is wrong with the sites of one nginx; empty when nothing is */
export function siteProblems({ serverName, port, tls, develop, scrapePort }: Sites): readonly string[] {
  const own = [port, ...(tls ? [tls.port] : [])];
  const others = develop ? [develop.port ?? port] : [];
  const isScrapeTaken = scrapePort !== null && [...own, ...others].includes(scrapePort);
  return [
    ...(tls?.port === port ? ['tls.port must differ from port: one speaks TLS, the other does not'] : []),
    ...(isScrapeTaken ? ['scrapePort must be a port of its own: it is not for the public'] : []),
    ...(develop ? developProblems({ serverName, tls, port }, develop) : []),
  ];
}

function developProblems(
  first: Omit<Sites, 'develop' | 'scrapePort'>,
  develop: NonNullable<Sites['develop']>,
) {
  const isSameName = first.serverName.toLowerCase() === develop.serverName.toLowerCase();
  const isSamePort = (develop.port ?? first.port) === first.port;
  return [
    ...(isSameName && isSamePort
      ? ['develop.serverName must differ from serverName: nginx only warns, and one of the two would be dead']
      : []),
    ...(develop.tls && !first.tls ? ['develop.tls needs tls: both sites share its port'] : []),
    ...(first.tls && (develop.port ?? first.port) === first.tls.port
      ? ['develop.port must not be tls.port']
      : []),
  ];
}
