import { afterAll, beforeAll, describe, expect, test } from 'vitest';
afterAll(() => { throw new Error('left open'); });
test('adds', () => {});
