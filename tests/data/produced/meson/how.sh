# pip install meson==1.12.1 ninja==1.13.2
meson setup build >/dev/null
record report.xml meson test -C build
cp build/meson-logs/testlog.junit.xml reports/report.xml
