import { IdentitiesService } from '../../apps/api/src/identities/identities.service';
import type { ProviderProfile } from '../../apps/api/src/oauth/provider-profile';
import { startApi, type TestApi } from '../support/api';

const ROUNDS = 20;
jest.setTimeout(240_000);

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ DATABASE_POOL_SIZE: '20' });
});
afterAll(() => api.stop());

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

const aProfile = (subject: string): ProviderProfile => ({
  provider: 'google',
  subject,
  name: '루나',
  email: `${subject}@example.com`,
  imageUrl: null,
});

describe('a first login', () => {
  it('makes one member when 20 devices log in at the same instant', async () => {
    const identities = api.app.get(IdentitiesService);
    for (let round = 0; round < ROUNDS; round += 1) {
      const profile = aProfile(`first-${round}`);
      const logins = await times(20, (device) => identities.logIn(profile, `device ${device}`));
      expect(new Set(logins.map(({ refreshToken }) => refreshToken)).size).toBe(20);
      const members = await api.sql('SELECT id FROM member WHERE email = ?', [profile.email]);
      expect(members).toHaveLength(1);
    }
  });
});
