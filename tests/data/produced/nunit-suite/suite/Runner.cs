// Runs the tests of a library and writes the XML of their result, as users of NUnit's interface do.
using System;
using System.Collections.Generic;
using System.IO;
using NUnit.Framework.Api;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;

static class Runner
{
    static int Main(string[] arguments)
    {
        if (arguments.Length > 2)
        {
            var options = new[] { "--noheader", "--noc", "--result=" + arguments[1] };
            return new NUnitLite.AutoRun(System.Reflection.Assembly.LoadFrom(arguments[0])).Execute(options);
        }
        var runner = new NUnitTestAssemblyRunner(new DefaultTestAssemblyBuilder());
        runner.Load(arguments[0], new Dictionary<string, object>());
        ITestResult result = runner.Run(TestListener.NULL, TestFilter.Empty);
        File.WriteAllText(arguments[1], result.ToXml(true).OuterXml);
        Console.WriteLine("{0}: {1} passed, {2} failed, {3} warnings, {4} inconclusive, {5} skipped",
            result.ResultState, result.PassCount, result.FailCount, result.WarningCount, result.InconclusiveCount, result.SkipCount);
        return result.ResultState.Status == TestStatus.Failed ? 1 : 0;
    }
}
