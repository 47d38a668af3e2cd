import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.control.CompilerConfiguration

// groovy Harness.groovy STEP CASES: calls the step of a shared library for each case of a JSON file, and prints what
// each did as one JSON document.
List told = new JsonSlurper().parse(new File(args[1])).collect { wanted ->
    Steps.events = []
    Steps.layers = [wanted.env ?: [:]]
    Steps.secrets = []
    Steps.machine = wanted.machine
    Steps.container = null
    def configuration = new CompilerConfiguration(scriptBaseClass: 'Steps')
    Map build = [description: wanted.description]
    def binding = new Binding(docker: Steps.docker(), currentBuild: build)
    def step = new GroovyShell(this.class.classLoader, binding, configuration).parse(new File(args[0]))
    Map done = [events: Steps.events]
    try {
        done.returned = wanted.config == null ? step.call() : step.call(wanted.config as Map)
    } catch (IllegalStateException problem) {
        done.failed = problem.message
    }
    done.description = build.description
    done
}
println JsonOutput.toJson(told)
