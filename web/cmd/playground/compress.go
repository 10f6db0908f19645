//go:build !js

package main

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

func compressible(name string) bool { return path.Ext(name) != ".png" }

// brotlied compresses at a quality of 0 to 11.
func brotlied(data []byte, quality int) []byte {
	var b bytes.Buffer
	// The largest window of the format: all of the program within sight.
	w := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: quality, LGWin: 24})
	w.Write(data) // a bytes.Buffer fails at nothing
	w.Close()
	return b.Bytes()
}

func gzipped(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

// checkSize prints what the program weighs and fails above limit, in octets
// under brotli 11.
func checkSize(dir string, limit int) error {
	program, err := os.ReadFile(filepath.Join(dir, "app.wasm"))
	if err != nil {
		return err
	}
	twin, err := os.ReadFile(filepath.Join(dir, "app.wasm.br"))
	if err != nil {
		return err
	}
	if decoded, err := io.ReadAll(brotli.NewReader(bytes.NewReader(twin))); err != nil || !bytes.Equal(decoded, program) {
		return fmt.Errorf("app.wasm.br is not app.wasm compressed (%v)", err)
	}
	fmt.Printf("app.wasm: %d octets, %d under brotli 11, of at most %d\n", len(program), len(twin), limit)
	if len(twin) > limit {
		return fmt.Errorf("app.wasm is %d octets above its budget", len(twin)-limit)
	}
	return nil
}
