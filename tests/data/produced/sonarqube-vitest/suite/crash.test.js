import { afterAll, beforeAll, describe, expect, test } from 'vitest';
test('crashes', () => { process.kill(process.pid, 'SIGKILL'); });
