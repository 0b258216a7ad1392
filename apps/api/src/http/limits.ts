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
  /** Name of a member, in grapheme clusters. */
  memberName: { min: 1, max: 50 },
  /** Name of a time zone, in characters. */
  timeZone: { min: 1, max: 64 },
  /** Why somebody leaves the service, in grapheme clusters. */
  unregisterReason: { min: 1, max: 500 },
  /** How long a guest who never joined a study is kept, in ms. */
  idleGuestKeptMs: 30 * 24 * 60 * 60 * 1_000,
  /** `Idempotency-Key`: visible ASCII characters. */
  idempotencyKey: { min: 1, max: 255 },
  /** What is sent back with the choice about an identity: longer texts are none of ours, in UTF-16 units. */
  confirmation: { min: 1, max: 100 },
  /** How long one is asked what to do about an identity that is another member's, in ms. */
  identityClaimMs: 10 * 60 * 1_000,
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
    /** The same, whatever the account, by the network alone: each try costs a hash of 19 MiB, for any account's name. */
    adminLoginNetwork: { max: 30, windowMs: 60_000 },
  },
  /** Items on a page of a list that is read on by a cursor. */
  page: { min: 1, default: 20, max: 50 },
  /** Records on a page of the web client's list: when it does not say, and at most. */
  recordPage: { min: 1, default: 20, max: 2_000 },
  /** Records that one answer to the web client's calendar holds at most. */
  calendarRecords: 5_000,
  /** How far back a calendar feed goes, in days. */
  feedDays: 366,
  /** Studies in a calendar feed at most, the newest. */
  feedStudies: 1_000,
  /** How long a refresh token that was replaced still gets its successor, counted from its first use, in ms. */
  refreshGraceMs: 10_000,
  /** Devices that a member is logged in on; one more ends the login that was not used for the longest time. */
  sessionsPerMember: 50,
  /** What a device calls itself (`User-Agent`): the rest is cut off, in UTF-16 units. */
  deviceLength: 200,
  /** A login provider's code, in UTF-16 units. */
  providerCode: { min: 1, max: 2_048 },
  /** Address to come back to after a login, in UTF-16 units. */
  returnTo: { min: 1, max: 2_048 },
  /** How long one who was sent to a login provider may take to come back, in ms. */
  loginStateMs: 10 * 60 * 1_000,
  /** How long one answer of a login provider may take, in ms. */
  providerAnswerMs: 5_000,
  /** Largest answer that is read of a login provider, in bytes. */
  providerAnswerBytes: 65_536,
  /** What is taken over of what a login provider tells: names in code points, the rest in UTF-16 units. */
  providerTold: { subject: 255, name: 50, email: 320, imageUrl: 2_048 },
  /** Account of an administrator, in grapheme clusters. */
  adminAccount: { min: 1, max: 50 },
  /** Password of an administrator: at least so many grapheme clusters, at most so many UTF-16 units. */
  adminPassword: { min: 12, max: 1_000 },
  /** How long an administrator's login lives, in ms. */
  adminSessionMs: 60 * 60 * 1_000,
  /** Pages of the administrators' lists, counted from 0, and the rows of one. */
  adminPage: { page: { min: 0, max: 10_000_000 }, size: { min: 1, default: 20, max: 100 } },
  /** How long it is kept what administrators asked for, in ms. */
  adminAuditMs: 365 * 24 * 60 * 60 * 1_000,
  /** What an administrator asked for: the rest of a longer address is cut off, in UTF-16 units. */
  auditedRequest: 500,
  /** Days that the funnel shows at most. */
  funnelDays: 366,
  /** `X-Request-Id` that a caller may set: longer or stranger ones are replaced. */
  requestId: { min: 8, max: 64 },
} as const;
