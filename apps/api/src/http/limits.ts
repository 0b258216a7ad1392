/** Every limit of the API that is not a rule of the pomodoro itself; tested at their edges. */
export const LIMITS = {
  /** Largest request body, in bytes. */
  bodyBytes: 1_048_576,
  /** Deepest nesting of objects and lists in a request body, in levels, the body itself being the first. */
  bodyDepth: 32,
  /** Largest plan or retrospect as stored JSON, in bytes (a MySQL TEXT column). */
  contentBytes: 65_535,
  /** Name of a study, in UTF-16 units, as the web client counts. */
  studyName: { min: 1, max: 10 },
  /** Nickname of a participant, in UTF-16 units, as the web client counts. */
  nickname: { min: 1, max: 10 },
  /** `Idempotency-Key`: visible ASCII characters. */
  idempotencyKey: { min: 1, max: 255 },
  /** How long the answer to an `Idempotency-Key` is kept, in ms. */
  idempotencyKeptMs: 24 * 60 * 60 * 1_000,
  /** How long one who has shown a study's code may join it, in ms. */
  invitationMs: 24 * 60 * 60 * 1_000,
  /** How long an empty lobby can still be joined, in ms. */
  vacantLobbyMs: 24 * 60 * 60 * 1_000,
  /** How long the first seat is kept for the study's creator, in ms. */
  firstSeatMs: 60_000,
  /** How long one who left a lobby may still read `waiting`: a poll is under way, in ms. */
  leaverPollsMs: 10_000,
  /** Studies that one answer lists at most, the newest. */
  listedStudies: 1_000,
  /** How often something may be asked for: so many calls in a window, in ms, by each of whom it counts. */
  rates: {
    /** Guests made, by the network of the client's address: a class sits behind one. */
    guestLogin: { max: 120, windowMs: 60_000 },
    /** Logins tried, whatever their end, by the network of the client's address. */
    login: { max: 30, windowMs: 60_000 },
    /** Genuine refresh tokens shown, by the login that they are of. */
    refresh: { max: 60, windowMs: 60_000 },
    /** Participant codes tried, by member. */
    codeLookup: { max: 30, windowMs: 60_000 },
    /** Administrators' logins tried, by the account together with the network of the client's address. */
    adminLogin: { max: 5, windowMs: 60_000 },
  },
  /** `X-Request-Id` that a caller may set: longer or stranger ones are replaced. */
  requestId: { min: 8, max: 64 },
} as const;
