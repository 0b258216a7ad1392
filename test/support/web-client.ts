import type { Answer, ApiClient } from './api-client';
import type { Participant, Study } from './people';

interface Content {
  readonly cycle: number;
  readonly plan: Readonly<Record<string, string>>;
  readonly retrospect: Readonly<Record<string, string>>;
}
interface Me {
  readonly memberId: number;
  readonly name: string;
  readonly loginType: string;
}
interface Lobby {
  readonly studyStep: string;
  readonly participants: readonly Participant[];
}

/**
 * One tab of the existing web client, call by call as it was recorded from the browser (contract, section 11): study
 * ids are texts out of an address, numbers of the form are texts, codes are sent as typed.
 */
export class WebClient {
  /** What sessionStorage holds; sent with every call, those under `/auth` included. */
  token: string | undefined;
  /** Each call with its answer, such as `GET studies/{s} 200`, or `400/1404` where there is a code. */
  readonly calls: string[] = [];
  private memberId = 0;
  private studyId = '';
  private participantId = 0;

  constructor(private readonly client: ApiClient) {}

  forgetCalls(): this {
    this.calls.length = 0;
    return this;
  }

  /** Loads a page. */
  async visit(): Promise<Me> {
    const { body } = await this.call<Me>('GET', 'me');
    this.memberId = body.memberId;
    return body;
  }

  async loginAsGuest(): Promise<Me> {
    const { body } = await this.call<{ accessToken: string }>('POST', 'auth/guest');
    this.token = body.accessToken;
    await this.visit();
    return this.visit();
  }

  /** Sends the form of `/create`: both numbers come out of select boxes. */
  async create(totalCycle: string, timePerCycle: string): Promise<void> {
    const { headers } = await this.call('POST', 'studies', { name: '알고리즘', totalCycle, timePerCycle });
    this.studyId = headers.get('location')?.split('/').pop() ?? 'undefined';
  }

  /** Sends a code and finds a study by it. @returns its name */
  async enter(typed: string): Promise<string> {
    const path = `studies?participantCode=${encodeURIComponent(typed)}`;
    const [study] = (await this.call<{ studies: Study[] }>('GET', path)).body.studies;
    this.studyId = String(study?.studyId);
    return study?.name ?? '';
  }

  /** Opens `/preparation`. @returns the own participant in a list, or `null`: then the page asks for a nickname */
  async prepare(): Promise<readonly Participant[] | null> {
    const path = `temp/studies/${this.studyId}/participants?memberId=${this.memberId}`;
    const { participants } = (await this.call<{ participants: Participant[] | null }>('GET', path)).body;
    this.participantId = participants?.[0]?.participantId ?? 0;
    return participants;
  }

  async register(nickname: string): Promise<void> {
    const body = { memberId: this.memberId, nickname };
    await this.call('POST', `studies/${this.studyId}/participants`, body);
  }

  /** Opens `/lobby`. @returns the participant code */
  async openLobby(): Promise<string> {
    const { body } = await this.call<{ participantCode: string }>(
      'GET',
      `participant-codes?studyId=${this.studyId}`,
    );
    await this.findMyself();
    await this.pollLobby();
    return body.participantCode;
  }

  async pollLobby(): Promise<Lobby> {
    return (await this.call<Lobby>('GET', `waiting?studyId=${this.studyId}`)).body;
  }

  async leave(): Promise<void> {
    await this.call('DELETE', `studies/${this.studyId}/participants/${this.participantId}`);
  }

  /** Presses the host's button. */
  async press(): Promise<void> {
    await this.call('POST', `studies/${this.studyId}/next-step`);
  }

  /** Opens `/progress`. @returns the step that it shows */
  async openProgress(): Promise<string> {
    const study = await this.loadStudy();
    await this.findMyself();
    return study.progressStep;
  }

  /** As one who studies alone: writes and presses until the study is over. @returns what the record shows */
  async studyToTheEnd(): Promise<readonly Content[]> {
    await this.openProgress();
    for (let study: Study | undefined; study?.studyStep !== 'done';) {
      const cycle = study?.currentCycle ?? 1;
      const plan = { toDo: `${cycle}번째 계획`, completionCondition: '테스트 통과', ...blank(PLAN_EXTRAS) };
      await this.write('plan', plan);
      await this.pressAndLoad();
      await this.loadContent(`&cycle=${cycle}`);
      await this.pressAndLoad();
      await this.write('retrospect', { doneAsExpected: `${cycle}번째 회고`, ...blank(RETROSPECT_EXTRAS) });
      study = await this.pressAndLoad();
    }
    return this.openRecord();
  }

  /** As one who is not host: polls and loads the study whenever the step has changed. @returns the steps polled */
  async followToTheEnd(hostPresses: () => Promise<void>): Promise<readonly string[]> {
    const steps: string[] = [];
    while (steps.at(-1) !== 'done') {
      await hostPresses();
      const path = `progress?studyId=${this.studyId}`;
      steps.push((await this.call<{ progressStep: string }>('GET', path)).body.progressStep);
      if (steps.at(-1) !== 'done') await this.loadStudy();
    }
    return steps;
  }

  /** Opens `/record` and the own panel in it. */
  async openRecord(): Promise<readonly Content[]> {
    await this.loadStudy();
    await this.call('GET', `studies/${this.studyId}/participants`);
    return this.loadContent();
  }

  private async write(kind: 'plan' | 'retrospect', answers: Readonly<Record<string, string>>): Promise<void> {
    const body = { participantId: this.participantId, [kind]: answers };
    await this.call('POST', `studies/${this.studyId}/contents/write-${kind}`, body);
    await this.call('GET', `submitted?studyId=${this.studyId}`);
  }

  private async pressAndLoad(): Promise<Study> {
    await this.press();
    return this.loadStudy();
  }

  private async loadStudy(): Promise<Study> {
    return (await this.call<Study>('GET', `studies/${this.studyId}`)).body;
  }

  private async loadContent(more = ''): Promise<readonly Content[]> {
    const path = `studies/${this.studyId}/contents?participantId=${this.participantId}${more}`;
    return (await this.call<{ content: Content[] }>('GET', path)).body.content;
  }

  private async findMyself(): Promise<void> {
    const path = `studies/${this.studyId}/participants?memberId=${this.memberId}`;
    const { participants = [] } = (await this.call<{ participants?: Participant[] }>('GET', path)).body;
    this.participantId = participants[0]?.participantId ?? this.participantId;
  }

  /** What its HTTP layer does when a token is refused: one refresh, and a local sign-out when the session is over. */
  private async refresh(): Promise<void> {
    const { body } = await this.call<{ code?: number }>('POST', 'auth/refresh');
    if (body.code === 1402 || body.code === 1405) this.token = undefined;
  }

  private async call<Body>(method: string, path: string, body?: unknown): Promise<Answer<Body>> {
    const answer = await this.client.send<Body & { code?: number }>(method, `/api/v2/${path}`, {
      token: this.token,
      body,
    });
    const { code } = answer.body;
    this.calls.push(`${method} ${shape(path)} ${answer.status}${code === undefined ? '' : `/${code}`}`);
    if (code === 1403 || code === 1404) await this.refresh();
    return answer;
  }
}

const PLAN_EXTRAS = ['expectedProbability', 'expectedDifficulty', 'whatCanYouDo'];
const RETROSPECT_EXTRAS = ['experiencedDifficulty', 'lesson'];

/** Optional answers are sent as empty texts. */
const blank = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, '']));

function shape(path: string): string {
  return (path.split('?')[0] ?? path)
    .replace(/studies\/[^/]+/, 'studies/{s}')
    .replace(/participants\/[^/]+/, 'participants/{p}');
}
