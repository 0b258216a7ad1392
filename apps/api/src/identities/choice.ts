/** What one can do about an identity that another member is known by. */
export const CHOICES = ['switch', 'merge'] as const;
export type Choice = (typeof CHOICES)[number];

/** What the answer carries, since the provider's code is spent. */
export interface Offer {
  readonly choices: readonly Choice[];
  /** To be sent back with the choice, within 10 minutes. */
  readonly confirmation: string;
}
