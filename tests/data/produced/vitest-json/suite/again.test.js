import { expect, test } from 'vitest';

let tries = 0;
test('at last', { retry: 1 }, () => { tries += 1; expect(tries).toBe(2); });
test('never', { retry: 1 }, () => { expect(1).toBe(2); });
