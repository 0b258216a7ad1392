/** Something that an administrator asked for. */
export interface AdminAct {
  readonly account: string;
  /** Method and address, as it was asked for. */
  readonly request: string;
  /** Where it came from: an IP address. */
  readonly address: string;
}

export interface AuditRow extends AdminAct {
  readonly id: number;
  readonly at: Date;
}
