import { afterAll, beforeAll, describe, expect, test } from 'vitest';
test('exits', () => { process.exit(3); });
