/**
 * The parts of declarative and scripted pipelines that the documentation's snippets use, beyond the steps that the
 * shared library calls. Commands are really run; an image's `inside` runs them on the machine.
 */
abstract class Pipeline extends Steps {
    static Script library
    static boolean red

    def onetestReport(Map config) { library.call(config) }

    // Declarative: a failed stage does not keep `post` from running.
    void pipeline(Closure body) { body() }

    void agent(String where) { assert where }

    String getAny() { 'any' }

    void environment(Closure body) {
        Map variables = [:]
        body.delegate = variables
        body.resolveStrategy = Closure.DELEGATE_FIRST
        body()
        layers << variables
    }

    String credentials(String id) {
        assert machine.credentials[id] : "no credentials ${id}"
        secrets << machine.credentials[id]
        return machine.credentials[id]
    }

    void stages(Closure body) { attempt(body) }

    void stage(String name, Closure body) {
        assert name
        body()
    }

    void steps(Closure body) { body() }

    void post(Closure body) { body() }

    void always(Closure body) { body() }

    void parallel(Map branches) { branches.each { name, body -> attempt(body) } }

    // Scripted.
    void node(Closure body) { attempt(body) }

    /** Jenkins takes texts with values in them, too. */
    @Override
    void withEnv(List variables, Closure body) { super.withEnv(variables*.toString(), body) }

    Map checkout(Object scm) { [GIT_COMMIT: 'c0ffee', GIT_BRANCH: 'origin/main', GIT_URL: 'https://git.example/shop.git'] }

    Object getScm() { 'scm' }

    Map getEnv() { environment() }

    void sh(String script) {
        int code = sh(script: script, returnStatus: true)
        if (code) {
            throw new IllegalStateException("script returned exit code ${code}")
        }
    }

    @Override
    int sh(Map options) {
        Process process = start(['sh', '-xe', '-c', options.script], environment())
        String log = process.inputStream.getText('UTF-8')
        int code = process.waitFor()
        events << [step: 'sh', script: options.script, code: code, log: log]
        if (options.returnStatus || !code) {
            return code
        }
        throw new IllegalStateException("script returned exit code ${code}")
    }

    void junit(Map options) { events << [step: 'junit', found: new File(machine.workspace, options.testResults).file] }

    void stash(Map options) { events << [step: 'stash', stash: options.name] }

    void unstash(String name) { assert events.any { it.stash == name } : "no stash ${name}" }

    void copyArtifacts(Map options) { events << [step: 'copyArtifacts', project: options.projectName] }

    Object lastCompleted() { 'lastCompleted' }

    @Override
    void archiveArtifacts(Map options) { events << [step: 'archiveArtifacts', artifacts: options.artifacts] }

    static void attempt(Closure body) {
        try {
            body()
        } catch (IllegalStateException problem) {
            assert problem.message.startsWith('script returned exit code') : problem.message
            red = true
        }
    }

    static OnTheMachine onTheMachine() { new OnTheMachine() }

    static class OnTheMachine {
        OnTheMachine image(String name) { assert name; this }

        void inside(String args = '', Closure body) { body() }
    }
}
