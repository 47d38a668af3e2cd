test('exits', () => { process.exit(3); });
