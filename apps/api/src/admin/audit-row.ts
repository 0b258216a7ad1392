/** Something that an administrator asked for. */
export interface AdminAct {
  readonly account: string;
  /** Method and address, as it was asked for. */
  readonly request: string;
  /** Where it came from, as the proxy tells; unknown on a unix socket whose other end says nothing. */
  readonly address: string | undefined;
}

export interface AuditRow extends AdminAct {
  readonly id: number;
  readonly at: Date;
  /** An IP address, or `unknown`. */
  readonly address: string;
}
