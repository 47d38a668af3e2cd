# pip install meson==1.9.1 ninja
meson setup build >/dev/null
meson test -C build
cp build/meson-logs/testlog.junit.xml reports/report.xml
