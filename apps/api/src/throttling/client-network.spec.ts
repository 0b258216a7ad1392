import { networkOf } from './client-network';

describe('whom a limit by address counts', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:cb00:7107', '203.0.113.7'],
    ['0:0:0:0:0:ffff:203.0.113.7', '203.0.113.7'],
  ])('%s is one IPv4 client, however it is written', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8:1:3::', '2001:db8:1:3::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['2001:db8::5:0:0:0:1', '2001:db8:0:5::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['::', '0:0:0:0::/64'],
  ])('%s counts for its network %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  it.each([
    undefined,
    '',
    'unknown',
    '_hidden',
    '1.2.3',
    '1.2.3.4:80',
    '[::1]',
    '1.2.3.4, 5.6.7.8',
    '::1::',
    '가',
  ])('%j is nobody in particular', (address) => {
    expect(networkOf(address)).toBe('unknown');
  });
});
