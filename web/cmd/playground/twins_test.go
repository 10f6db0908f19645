//go:build !js

package main

import (
	"bytes"
	"fmt"
	"testing"
)

// Compressing the same again gives the same octets, so a site whose files are
// the same has the same twins.
func TestPackersRepeat(t *testing.T) {
	var data []byte
	for i := range 5_000 {
		data = fmt.Appendf(data, "%x %d\n", i*i, i%97)
	}
	for suffix, pack := range packers {
		if a, b := pack("app.wasm", data), pack("app.wasm", data); !bytes.Equal(a, b) || len(a) == 0 || len(a) > len(data)/2 {
			t.Errorf("%s: %d octets, %d the next time, of %d", suffix, len(a), len(b), len(data))
		}
	}
}
