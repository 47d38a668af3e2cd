// .teamcity/settings.kts: the project's settings in Kotlin (Project Settings > Versioned Settings).
import jetbrains.buildServer.configs.kotlin.*
import jetbrains.buildServer.configs.kotlin.buildFeatures.XmlReport
import jetbrains.buildServer.configs.kotlin.buildFeatures.xmlReport
import jetbrains.buildServer.configs.kotlin.buildSteps.ScriptBuildStep
import jetbrains.buildServer.configs.kotlin.buildSteps.script

version = "2025.03"

project {
    buildType(Tests)
}

object Tests : BuildType({
    name = "Tests"

    // After an outage of OneTest: onetest-ci push sends what is kept here. Published also when a step failed.
    artifactRules = "onetest-bundle-*/** => ."

    params {
        // Project Settings > Actions > Generate token for a secure value
        password("env.ONETEST_API_KEY", "credentialsJSON:2f0c1f0e-6d0b-4f43-9c33-0a6f0d5b7c11")
        param("env.ONETEST_PRODUCT_ID", "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10") // yours
    }

    vcs {
        root(DslContext.settingsRoot)
    }

    steps {
        script {
            name = "Test"
            scriptContent = """
                python3 -m pip install --requirement requirements.txt
                python3 -m pytest --junit-xml=reports/pytest.xml
            """.trimIndent()
        }
        script {
            name = "Report to OneTest"
            executionMode = BuildStep.ExecutionMode.RUN_ON_FAILURE // also when the tests failed
            scriptContent = "onetest-ci report 'reports/**/*.xml'"
            dockerImage = "ghcr.io/onetest/report-action:1"
            dockerImagePlatform = ScriptBuildStep.ImagePlatform.Linux
        }
    }

    features {
        xmlReport {
            reportType = XmlReport.XmlReportType.JUNIT
            rules = "+:reports/**/*.xml"
        }
    }
})
