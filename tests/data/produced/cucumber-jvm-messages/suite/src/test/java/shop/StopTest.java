package shop;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectClasspathResource;
import org.junit.platform.suite.api.Suite;

@Suite
@IncludeEngines("cucumber")
@SelectClasspathResource("shop/stop.feature")
@ConfigurationParameter(
    key = "cucumber.plugin",
    value = "message:target/stop.ndjson, summary")
@ConfigurationParameter(key = "cucumber.glue", value = "shop,stop")
public class StopTest {}
