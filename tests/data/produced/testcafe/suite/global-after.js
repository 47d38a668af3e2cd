module.exports = { hooks: { testRun: { after: async () => { throw new Error('left open'); } } } };
