import { afterAll, beforeAll, describe, expect, test } from 'vitest';
test('is slow', () => new Promise(() => {}), 100);
