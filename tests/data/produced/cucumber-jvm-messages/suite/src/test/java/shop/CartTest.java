package shop;

import org.junit.platform.suite.api.ConfigurationParameter;
import org.junit.platform.suite.api.IncludeEngines;
import org.junit.platform.suite.api.SelectClasspathResource;
import org.junit.platform.suite.api.Suite;

@Suite
@IncludeEngines("cucumber")
@SelectClasspathResource("shop/cart.feature")
@ConfigurationParameter(
    key = "cucumber.plugin",
    value = "message:target/cart.ndjson, json:target/cart.json, summary")
@ConfigurationParameter(key = "cucumber.glue", value = "shop")
public class CartTest {}
