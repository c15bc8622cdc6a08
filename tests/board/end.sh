scenario "stop"
if stop_kiosk && has /tmp/kiosk.log 'stopped in good order'; then good; else bad "it did not stop"; fi
if grep -E 'panicked|RUST_BACKTRACE' /tmp/kiosk.log; then bad "a panic"; fi
show_papers
