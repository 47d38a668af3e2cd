import { afterAll, describe, expect, test } from 'vitest';
describe('totals', () => {
  test('adds', () => {});
  test('fails', () => { expect(7).toBe(8); });
});
describe('after all', () => {
  afterAll(() => { throw new Error('left open'); });
  test('adds', () => {});
});
