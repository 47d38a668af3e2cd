module.exports = { hooks: { testRun: { before: async () => { throw new Error('no network'); } } } };
