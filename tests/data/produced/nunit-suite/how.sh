# apt-get install mono-mcs libmono-system-windows-forms4.0-cil (6.8.0.105); NUnit 3.12 (the tag v3.12 of nunit/nunit),
# its framework and nunitlite compiled with mcs, at /opt/tools/nunit
cp /opt/tools/nunit/*.dll .
for name in Shop Order Good Empty; do
    mcs -nologo -target:library -r:nunit.framework.dll -out:$name.Tests.dll $name.cs
done
mcs -nologo -r:nunit.framework.dll -r:nunitlite.dll Runner.cs
record report.xml mono Runner.exe Shop.Tests.dll reports/report.xml
# The whole document that nunitlite writes about the same tests.
record run.xml mono Runner.exe Shop.Tests.dll /srv/shop/reports/run.xml nunitlite
record tear-down.xml mono Runner.exe Order.Tests.dll reports/tear-down.xml
record good.xml mono Runner.exe Good.Tests.dll reports/good.xml
record gone.xml mono Runner.exe Gone.Tests.dll reports/gone.xml
record empty.xml mono Runner.exe Empty.Tests.dll reports/empty.xml
