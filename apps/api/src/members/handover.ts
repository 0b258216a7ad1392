/** All that a member has becomes another's. Both rows are locked by the transaction. */
export interface Handover {
  /** Id of the member who ends. */
  readonly from: number;
  /** Id of the member who stays. */
  readonly to: number;
}
