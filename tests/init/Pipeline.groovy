import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.codehaus.groovy.control.CompilerConfiguration

/** What a declarative pipeline calls; commands are really run if the case wants it. */
abstract class Declarative extends Script {
    static List events
    static File place
    static boolean real

    Map getEnv() { [ONETEST_PRODUCT_ID: 'the product'] }
    Object getAny() { null }
    Object agent(Object any) { null }
    void pipeline(Closure body) { inside(body) }
    void stages(Closure body) { inside(body) }
    void stage(String name, Closure body) { events << [stage: name]; inside(body) }
    void steps(Closure body) { inside(body) }
    void script(Closure body) { inside(body) }

    void dir(String path, Closure body) {
        File before = place
        place = new File(place, path)
        try { inside(body) } finally { place = before }
    }

    void catchError(Map options, Closure body) {
        assert options == [buildResult: 'FAILURE', stageResult: 'FAILURE']
        inside(body)
    }

    int sh(String text) {
        int code = sh(script: text, returnStatus: true)
        assert code == 0 : text
        return code
    }

    int sh(Map options) {
        assert options.returnStatus
        events << [sh: options.script, in: place.path]
        if (!real) { return 0 }
        Process process = new ProcessBuilder(['sh', '-xe', '-c', options.script] as String[])
            .directory(place).redirectErrorStream(true).start()
        String log = process.inputStream.getText('UTF-8')
        int code = process.waitFor()
        events[-1] += [code: code, log: log]
        return code
    }

    void onetestReport(Map options) { events << [report: options] }

    private void inside(Closure body) {
        body.resolveStrategy = Closure.DELEGATE_FIRST
        body.delegate = this
        body()
    }
}

// groovy Pipeline.groovy CASES: runs the pipelines of a JSON file, and prints what each called as one JSON document.
List told = new JsonSlurper().parse(new File(args[0])).collect { wanted ->
    Declarative.events = []
    Declarative.place = new File(wanted.place)
    Declarative.real = wanted.real
    String text = new File(wanted.file).getText('UTF-8').replace("@Library('onetest@v1') _\n", '')
    def configuration = new CompilerConfiguration(scriptBaseClass: 'Declarative')
    new GroovyShell(this.class.classLoader, new Binding(), configuration).parse(text).run()
    Declarative.events
}
println JsonOutput.toJson(told)
