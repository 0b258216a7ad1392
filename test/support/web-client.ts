import type { Participant, Study } from './people';
import { WebTab } from './web-tab';

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
interface StudyRecord {
  readonly studyId: number;
  readonly name: string;
  readonly createdDate: string;
}
interface RecordPage {
  readonly studyRecords: readonly StudyRecord[];
  readonly pageInfo: { readonly pageNum: number; readonly totalPages: number };
}
/** Days in Seoul to what was done on them. */
type RecordDays = Readonly<Record<string, readonly StudyRecord[]>>;
interface Lobby {
  readonly studyStep: string;
  readonly participants: readonly Participant[];
}

/**
 * One tab of the existing web client, call by call as it was recorded from the browser (contract, section 11): study
 * ids are texts out of an address, numbers of the form are texts, codes are sent as typed.
 */
export class WebClient extends WebTab {
  private memberId = 0;
  private studyId = '';
  private participantId = 0;

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

  /** Opens `/auth?provider=…&code=…`, to which a provider sends the browser; without a code after a refusal there. */
  async loginByCode(oauthProvider: 'google' | 'kakao', code: string | null): Promise<Me | undefined> {
    const body = { oauthProvider, code };
    const { status, body: told } = await this.call<{ accessToken: string }>('POST', 'auth/login', body);
    if (status !== 200) return undefined;
    this.token = told.accessToken;
    await this.visit();
    return this.visit();
  }

  /** Fire and forget: the token is dropped before anything is answered. */
  async logout(): Promise<void> {
    this.token = undefined;
    await this.call('POST', 'auth/logout');
  }

  /** Opens `/member-record/list`, which asks for the next page, too, even past the end. */
  async openRecordList(page: number, period = ''): Promise<readonly [RecordPage, RecordPage]> {
    const [, shown, next] = await Promise.all([
      this.visit(),
      this.recordPage(page, period),
      this.recordPage(page + 1, period),
    ]);
    return [shown, next];
  }

  /** Opens `/member-record/calendar`, which asks for the months around it, too. @param weeks first and last days */
  async openCalendar(weeks: readonly (readonly [string, string])[]): Promise<readonly RecordDays[]> {
    return Promise.all(
      weeks.map(async ([startDate, endDate]) => {
        const dates = `startDate=${startDate}&endDate=${endDate}`;
        const path = `view/calendar/study-records?memberId=${this.memberId}&${dates}`;
        return (await this.call<{ studyRecords: RecordDays }>('GET', path)).body.studyRecords;
      }),
    );
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

  private async recordPage(page: number, period: string): Promise<RecordPage> {
    const path = `view/study-records?memberId=${this.memberId}&page=${page}&size=20${period}&sort=createdDate,desc`;
    return (await this.call<RecordPage>('GET', path)).body;
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
}

const PLAN_EXTRAS = ['expectedProbability', 'expectedDifficulty', 'whatCanYouDo'];
const RETROSPECT_EXTRAS = ['experiencedDifficulty', 'lesson'];

/** Optional answers are sent as empty texts. */
const blank = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, '']));
