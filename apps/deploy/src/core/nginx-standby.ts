import type { NginxSite } from './nginx-site';
import { quote, type Lines } from './nginx-text';

/** Whether the standby gets requests: seen at the next one, without a reload. */
export function standbyServer({ standby }: NginxSite, isDevelop: boolean): Lines {
  if (!standby || isDevelop) return [];
  return ["set $standby '';", `if (-f ${quote(standby.file)}) { set $standby 1; }`, ''];
}
