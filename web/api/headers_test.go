package api

import (
	"strings"
	"testing"
)

// An embedded page may stand in a frame, and nothing else may.
func TestFrames(t *testing.T) {
	for path, framed := range map[string]bool{
		"": false, "en/": false, "embed/": false, "en/embed/": true, "zh/embed/index.html": true, "en/embed/x": false, "s/embed": false,
	} {
		all := map[string]string{}
		for _, h := range Headers(path) {
			all[h.Name] = h.Value
		}
		if denied := all["X-Frame-Options"] == "DENY"; denied == framed || strings.HasSuffix(all["Content-Security-Policy"], "frame-ancestors 'none'") == framed {
			t.Errorf("%q: %v", path, all)
		}
		if !strings.HasPrefix(all["Content-Security-Policy"], Policy+"; ") || all["X-Content-Type-Options"] != "nosniff" {
			t.Errorf("%q: %v", path, all)
		}
	}
}
