import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonSlurperClassic

// Jenkins shared library: onetestReport(files: 'reports/**/*.xml', productId: '...', credentialsId: 'onetest-api-key')
// The Docker Pipeline and Credentials Binding plugins are needed; without Docker: image: '' and onetest-ci on the agent.
// Only calls that the Groovy sandbox allows. Values travel as variables and never stand in the text of a command.

def call(Map config = [:]) {
    Map variables = [
        // wrappers: begin settings (written by make wrappers)
        files: 'ONETEST_FILES',
        reportFormat: 'ONETEST_REPORT_FORMAT',
        repeats: 'ONETEST_REPEATS',
        textLimit: 'ONETEST_TEXT_LIMIT',
        launchName: 'ONETEST_LAUNCH_NAME',
        launchDescription: 'ONETEST_LAUNCH_DESCRIPTION',
        attribute: 'ONETEST_ATTRIBUTE',
        environment: 'ONETEST_ENVIRONMENT',
        environmentUrl: 'ONETEST_ENVIRONMENT_URL',
        buildVersion: 'ONETEST_BUILD_VERSION',
        codeRefStyle: 'ONETEST_CODE_REF_STYLE',
        artifacts: 'ONETEST_ARTIFACTS',
        bundle: 'ONETEST_BUNDLE',
        allowEmpty: 'ONETEST_ALLOW_EMPTY',
        testExitCode: 'ONETEST_TEST_EXIT_CODE',
        apiKeyFile: 'ONETEST_API_KEY_FILE',
        baseUrl: 'ONETEST_BASE_URL',
        endpoint: 'ONETEST_ENDPOINT',
        caBundle: 'ONETEST_CA_BUNDLE',
        timeout: 'ONETEST_TIMEOUT',
        waitForService: 'ONETEST_WAIT_FOR_SERVICE',
        productId: 'ONETEST_PRODUCT_ID',
        mode: 'ONETEST_MODE',
        maxApiCalls: 'ONETEST_MAX_API_CALLS',
        connections: 'ONETEST_CONNECTIONS',
        launch: 'ONETEST_LAUNCH',
        launchKey: 'ONETEST_LAUNCH_KEY',
        finish: 'ONETEST_FINISH',
        itemType: 'ONETEST_ITEM_TYPE',
        deployment: 'ONETEST_DEPLOYMENT',
        dryRun: 'ONETEST_DRY_RUN',
        cases: 'ONETEST_CASES',
        matchCases: 'ONETEST_MATCH_CASES',
        comment: 'ONETEST_COMMENT',
        failOn: 'ONETEST_FAIL_ON',
        json: 'ONETEST_JSON',
        junit: 'ONETEST_JUNIT',
        summary: 'ONETEST_SUMMARY',
        saveResults: 'ONETEST_SAVE_RESULTS',
        baseline: 'ONETEST_BASELINE',
        dotenv: 'ONETEST_DOTENV',
        annotate: 'ONETEST_ANNOTATE',
        failOnUploadError: 'ONETEST_FAIL_ON_UPLOAD_ERROR',
        debug: 'ONETEST_DEBUG',
        // wrappers: end settings
    ]
    String mistake = unknownKeys(config, variables)
    if (mistake) {
        error(mistake)
    }
    List settings = settingsOf(config, variables)
    String image = config.containsKey('image') ? config.image : 'ghcr.io/onetest/report-action:1'
    List unstableExitCodes = config.containsKey('unstableExitCodes') ? config.unstableExitCodes : [1, 3, 4, 6]
    String outcomeFile = config.json ? config.json.toString() : 'onetest-outcome.json'

    int code = 0
    Map outcome = [:]
    // Emptied first: an outcome of an earlier build must not pass for this one's.
    writeFile(file: outcomeFile, text: '')
    try {
        withEnv(settings + ['ONETEST_JSON=' + outcomeFile]) {
            withKey(config.credentialsId) {
                if (image) {
                    docker.image(image).inside(config.dockerArgs ?: '') {
                        code = report()
                    }
                } else {
                    code = report()
                }
            }
        }
    } finally { // also when the build is aborted
        outcome = outcomeOf(readFile(file: outcomeFile, encoding: 'UTF-8'), code)
        if (config.archiveBundle != false) {
            archiveBundle(outcome)
        }
    }
    if (config.describeBuild) {
        describeBuild(outcome)
    }
    conclude(code, unstableExitCodes)
    return outcome
}

@NonCPS
private String unknownKeys(Map config, Map variables) {
    List own = ['credentialsId', 'image', 'dockerArgs', 'unstableExitCodes', 'archiveBundle', 'describeBuild']
    List known = own + (variables.keySet() as List)
    List unknown = (config.keySet() as List) - known
    return unknown ? 'onetestReport: unknown ' + unknown.join(', ') + '. Known: ' + known.join(', ') + '.' : ''
}

@NonCPS
private List settingsOf(Map config, Map variables) {
    List settings = []
    for (String key in variables.keySet()) {
        if (config[key] != null && key != 'json') {
            settings.add(variables[key] + '=' + asText(config[key]))
        }
    }
    return settings
}

@NonCPS
private String asText(value) {
    if (value instanceof Map) {
        return value.collect { key, item -> "${key}=${item}" }.join('\n')
    }
    if (value instanceof Collection) {
        return value.join('\n')
    }
    return value.toString()
}

// What a pipeline goes on with; counts are null when no report was read.
@NonCPS
private Map outcomeOf(String text, int code) {
    Map told = text.trim() ? (Map) new JsonSlurperClassic().parseText(text) : [:]
    Map totals = (Map) (told.totals ?: [:])
    return [
        exitCode: code,
        uploadStatus: told.upload_status ?: '',
        launchId: told.launch_id ?: '',
        launchUrl: told.launch_url ?: '',
        bundlePath: told.bundle_path ?: '',
        tests: totals.tests,
        passed: totals.passed,
        failed: totals.tests == null ? null : totals.failures + totals.errors,
        skipped: totals.skipped,
        flaky: totals.flaky,
    ]
}

// The workspace may be gone, or wiped, when somebody comes to push what was not delivered.
private void archiveBundle(Map outcome) {
    String place = outcome.bundlePath.replace('\\', '/')
    if (!place || outcome.uploadStatus == 'delivered') {
        return
    }
    String workspace = pwd().replace('\\', '/') + '/'
    if (place.startsWith(workspace)) {
        archiveArtifacts(artifacts: place.substring(workspace.length()) + '/**', allowEmptyArchive: true)
    } else {
        echo("onetestReport: ${place} lies outside of ${workspace} and cannot be archived.")
    }
}

private void describeBuild(Map outcome) {
    if (outcome.tests == null) {
        return
    }
    String counts = "OneTest: ${outcome.tests} tests, ${outcome.failed} failed, ${outcome.skipped} skipped"
    String line = outcome.launchUrl ? "${counts}, ${outcome.launchUrl}" : "${counts}, ${outcome.uploadStatus}"
    String before = currentBuild.description
    currentBuild.description = before ? "${before}\n${line}" : line
}

private void withKey(String credentialsId, Closure body) {
    if (credentialsId) {
        withCredentials([string(credentialsId: credentialsId, variable: 'ONETEST_API_KEY')], body)
    } else {
        body()
    }
}

private int report() {
    // Single quotes: the shell reads variables, Groovy puts nothing into the text.
    if (isUnix()) {
        return sh(label: 'Report to OneTest', returnStatus: true, encoding: 'UTF-8', script: 'onetest-ci report')
    }
    return bat(label: 'Report to OneTest', returnStatus: true, encoding: 'UTF-8', script: '@onetest-ci report')
}

private void conclude(int code, List unstableExitCodes) {
    if (code == 0) {
        return
    }
    String message = "onetest-ci ended with exit code ${code}; its message stands above"
    if (unstableExitCodes.contains(code)) {
        unstable(message)
    } else {
        error(message)
    }
}
