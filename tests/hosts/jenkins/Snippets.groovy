import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.control.CompilerConfiguration

// groovy Snippets.groovy STEP CASES: runs each pipeline of a JSON file, with the step of the shared library, and prints
// what each did as one JSON document.
def shell = { new GroovyShell(this.class.classLoader, it, new CompilerConfiguration(scriptBaseClass: 'Pipeline')) }
List results = new JsonSlurper().parse(new File(args[1])).collect { wanted ->
    Steps.events = []
    Steps.layers = [wanted.env]
    Steps.secrets = []
    Steps.machine = wanted.machine
    Pipeline.red = false
    def binding = new Binding(docker: Pipeline.onTheMachine(), currentBuild: [description: ''])
    Pipeline.library = shell(binding).parse(new File(args[0]))
    Map done = [place: wanted.place]
    try {
        shell(binding).parse(wanted.text as String).run()
    } catch (Throwable problem) {
        done.failed = problem.toString()
    }
    done + [events: Steps.events, red: Pipeline.red]
}
println JsonOutput.toJson(results)
