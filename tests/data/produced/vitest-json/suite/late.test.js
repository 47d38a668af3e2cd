import { afterAll, beforeAll, describe, expect, test } from 'vitest';
test('rejects behind', () => { setTimeout(() => { throw new Error('behind the test'); }, 5); });
test('waits', () => new Promise((done) => setTimeout(done, 100)));
