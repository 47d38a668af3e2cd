const { test, describe, before, after } = require('node:test');
test('crashes', () => { process.kill(process.pid, 'SIGKILL'); });
