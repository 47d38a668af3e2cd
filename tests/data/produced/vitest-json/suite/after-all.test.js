import { afterAll, beforeAll, describe, expect, test } from 'vitest';
describe('after all', () => {
  afterAll(() => { throw new Error('left open'); });
  test('adds', () => {});
});
