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
	"strings"

	"github.com/andybalholm/brotli"
)

// compressible tells whether a file has twins. What hosts read themselves has none.
func compressible(name string) bool { return path.Ext(name) != ".png" && name != "_headers" }

// packers make the twin of a file, by the end of the twin's name.
var packers = map[string]func(name string, data []byte) []byte{
	".br": func(name string, data []byte) []byte {
		if seldom(name) {
			return brotlied(data, quickBrotli)
		}
		return brotlied(data, 11)
	},
	".gz": func(name string, data []byte) []byte {
		if seldom(name) {
			return gzipped(data, quickGzip)
		}
		return gzipped(data, gzip.BestCompression)
	},
}

// seldom tells whether a file is loaded so seldom that a minute is too much for
// a smaller twin of it.
func seldom(name string) bool { return strings.HasPrefix(path.Base(filepath.ToSlash(name)), "debug.") }

// unpack undoes the packer of that name.
func unpack(suffix string, packed []byte) ([]byte, error) {
	if suffix == ".br" {
		return io.ReadAll(brotli.NewReader(bytes.NewReader(packed)))
	}
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// brotlied compresses at a quality of 0 to 11.
func brotlied(data []byte, quality int) []byte {
	var b bytes.Buffer
	// The largest window of the format: all of the program within sight.
	w := brotli.NewWriterOptions(&b, brotli.WriterOptions{Quality: quality, LGWin: 24})
	w.Write(data) // a bytes.Buffer fails at nothing
	w.Close()
	return b.Bytes()
}

// gzipped compresses at a level of 1 to 9. It notes no time and no name.
func gzipped(data []byte, level int) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, level)
	w.Write(data)
	w.Close()
	return b.Bytes()
}

// checkSize prints what the program weighs and fails above limit, in octets
// under brotli 11.
func checkSize(dir string, limit int) error {
	found, err := filepath.Glob(filepath.Join(dir, "app.????????????.wasm"))
	if err != nil || len(found) != 1 {
		return fmt.Errorf("there is not one program in %s: %q", dir, found)
	}
	program, err := os.ReadFile(found[0])
	if err != nil {
		return err
	}
	packed, err := os.ReadFile(found[0] + ".br")
	if err != nil {
		return err
	}
	if decoded, err := unpack(".br", packed); err != nil || !bytes.Equal(decoded, program) {
		return fmt.Errorf("%s.br is not the program compressed (%v)", found[0], err)
	}
	zipped, err := os.ReadFile(found[0] + ".gz")
	if err != nil {
		return err
	}
	fmt.Printf("app.wasm: %d octets, %d under gzip 9, %d under brotli 11, of at most %d\n", len(program), len(zipped), len(packed), limit)
	if len(packed) > limit {
		return fmt.Errorf("app.wasm is %d octets above its budget", len(packed)-limit)
	}
	return nil
}

// checkWorker prints what all files of the Worker weigh together, and fails
// above limit, in octets under gzip.
func checkWorker(dir string, limit int) error {
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(files) == 0 {
		return fmt.Errorf("there is no Worker in %s", dir)
	}
	var all []byte
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		all = append(all, data...)
	}
	size := len(gzipped(all, gzip.DefaultCompression))
	fmt.Printf("worker: %d octets, %d under gzip, of at most %d\n", len(all), size, limit)
	if size > limit {
		return fmt.Errorf("the Worker is %d octets above its budget", size-limit)
	}
	return nil
}
