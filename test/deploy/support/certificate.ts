import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

type Files = Readonly<{ certificate: string; key: string }>;

/** Makes a certificate that its own key has signed. */
export async function signCertificate({ certificate, key }: Files): Promise<Files> {
  await mkdir(dirname(certificate), { recursive: true });
  const subject = ['-subj', '/CN=test.example', '-days', '1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  await run('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', certificate]);
  return { certificate, key };
}
