/** The steps of a Jenkins pipeline that the step under test calls; commands are really run. */
abstract class Steps extends Script {
    static List events
    static Map machine
    static List layers
    static List secrets
    static String container

    void error(String message) {
        events << [step: 'error', message: message]
        throw new IllegalStateException(message)
    }

    void unstable(String message) { events << [step: 'unstable', message: message] }

    boolean isUnix() { !machine.windows }

    void withEnv(List variables, Closure body) {
        assert variables.every { it instanceof String && it.contains('=') }
        layers << variables.collectEntries { String one -> one.split('=', 2) as List }
        try { body() } finally { layers.pop() }
    }

    Map string(Map binding) { binding }

    void withCredentials(List bindings, Closure body) {
        Map found = bindings.collectEntries { [it.variable, machine.credentials[it.credentialsId]] }
        if (found.values().any { it == null }) {
            error("Could not find credentials entry with ID '${bindings[0].credentialsId}'")
        }
        secrets.addAll(found.values())
        layers << found
        try { body() } finally { layers.pop() }
    }

    int sh(Map options) { command('sh', options, ['sh', '-xe', '-c', options.script]) }

    int bat(Map options) {
        events << [step: 'bat', script: options.script, env: environment()]
        return machine.batReturns
    }

    void echo(String message) { events << [step: 'echo', message: message] }

    String pwd() { machine.workspace }

    // Jenkins runs containers as the agent's user, to whom this file belongs; here the two users differ.
    void writeFile(Map options) {
        File file = new File(machine.workspace, options.file)
        file.setText(options.text, 'UTF-8')
        file.setReadable(true, false)
        file.setWritable(true, false)
    }

    String readFile(Map options) { new File(machine.workspace, options.file).getText(options.encoding) }

    void archiveArtifacts(Map options) {
        // Ant's patterns as far as they are used here: a directory and all below it.
        String place = options.artifacts
        assert place.endsWith('/**')
        List found = []
        new File(machine.workspace, place - '/**').eachFileRecurse { if (it.file) { found << it.name } }
        events << [step: 'archiveArtifacts', artifacts: place, found: found]
    }

    static Map environment() { layers.inject([:]) { all, one -> all + one } }

    private static int command(String step, Map options, List line) {
        assert options.returnStatus && options.encoding == 'UTF-8'
        Map env = environment()
        List whole = line
        if (container) {
            // docker-workflow's WithContainerStep: what the step has in its environment, by docker exec.
            whole = ['docker', 'exec'] + env.collectMany { name, value -> ['--env', "${name}=${value}".toString()] } + [container] + line
        }
        Process process = start(whole, container ? [:] : env)
        String log = process.inputStream.getText('UTF-8')
        int code = process.waitFor()
        // Jenkins hides what is bound by withCredentials in the log.
        secrets.each { log = log.replace(it, '****') }
        events << [step: step, script: options.script, inside: container as boolean, code: code, log: log]
        return code
    }

    static Process start(List line, Map env) {
        def builder = new ProcessBuilder(line as String[])
        builder.directory(new File(machine.workspace)).redirectErrorStream(true)
        env.each { name, value -> builder.environment()[name] = value as String }
        return builder.start()
    }

    static class Image {
        String name

        void inside(String args, Closure body) {
            List line = ['docker', 'run', '-t', '-d', '-u', Steps.machine.user, '-w', Steps.machine.workspace,
                '-v', "${Steps.machine.workspace}:${Steps.machine.workspace}:rw,z".toString()]
            line += args ? args.tokenize(' ') : []
            Process process = Steps.start(line + [name, 'cat'], [:])
            String id = process.inputStream.getText('UTF-8').trim()
            assert process.waitFor() == 0 : id
            Steps.events << [step: 'inside', image: name, args: args]
            String processes = Steps.start(['docker', 'top', id], [:]).inputStream.getText('UTF-8')
            // "The container started but didn't run the expected command" is what Jenkins says else.
            assert processes.readLines().any { it.trim().endsWith('cat') } : processes
            Steps.container = id
            try { body() } finally {
                Steps.container = null
                Steps.start(['docker', 'rm', '-f', id], [:]).waitFor()
            }
        }
    }

    static Docker docker() { new Docker() }

    static class Docker {
        Image image(String name) { new Image(name: name) }
    }
}
