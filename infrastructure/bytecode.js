'use strict';

// Has `bytecode.py` put bytecode into the package of code, where the functions' own version of Python is at hand.

const { spawnSync } = require('child_process');
const path = require('path');

const run = (python, ...given) => spawnSync(python, ['-I', ...given], { encoding: 'utf8' });
const tellTag = (python) => run(python, '-c', 'import sys; print(sys.implementation.cache_tag)').stdout?.trim();

class Bytecode {
  constructor(serverless, _options, { log }) {
    this.hooks = {
      'after:package:createDeploymentArtifacts': () => {
        const { provider, custom, package: { artifact } } = serverless.service;
        const tag = provider.runtime.replace('python3.', 'cpython-3');
        const python = [provider.runtime, custom.pythonRequirements.pythonBin].find((one) => tellTag(one) === tag);
        if (python === undefined) {
          log.warning(`No ${provider.runtime} is at hand: the package holds no bytecode, and functions start more slowly`);
          return;
        }
        const ran = run(python, path.join(__dirname, 'bytecode.py'), path.resolve(serverless.serviceDir, artifact));
        if (ran.status !== 0) {
          throw new serverless.classes.Error(`${python} cannot compile the package: ${ran.stderr}`);
        }
      },
    };
  }
}

module.exports = Bytecode;
