import { afterAll, beforeAll, describe, expect, test } from 'vitest';
describe('before all', () => {
  beforeAll(() => { throw new Error('no database'); });
  test('adds', () => {});
});
