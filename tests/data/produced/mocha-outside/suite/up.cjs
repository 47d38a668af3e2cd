exports.mochaGlobalSetup = () => { throw new Error('no database'); };
