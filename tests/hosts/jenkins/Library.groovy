import java.lang.annotation.Retention
import java.lang.annotation.RetentionPolicy

/** The annotation by which a Jenkinsfile loads a shared library. */
@Retention(RetentionPolicy.SOURCE)
@interface Library {
    String[] value()
}
