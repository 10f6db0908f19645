package slim

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// functions is what the runtime knows of the program's functions, as it lies in
// memory: runtime/symtab.go reads it, cmd/link/internal/ld/pcln.go writes it.
type functions struct {
	names   []byte // each ended by NUL; they are named by the place of the first octet
	files   []byte // names of files, and before them lists of those of each package
	pcs     []byte // tables of values by program counter; none begins at 0
	records []byte // the index, and what it leads to: each function's runtime._func
	data    []byte // what the records refer to besides
	buckets []byte // from a program counter to the index
	// Addresses of the latter.
	atRecords, atBuckets uint64
	count                int
}

// lineTable is how the line table begins: the magic of Go 1.20 and later
// (internal/abi/symtab.go), the smallest instruction and the size of a word, in
// octets.
const lineTable = "\xf1\xff\xff\xff\x00\x00\x01\x08"

const wordSize = 8

// Where things stand in runtime.pcHeader, in octets.
const (
	headerCount = 8
	headerNames = 32 // and where they begin, counted from the header
	headerSize  = 72
)

// Words of runtime.moduledata that are addresses. Behind those of slices stand
// length and capacity.
const (
	moduleHeader  = 0
	moduleNames   = 1
	moduleUnits   = 4
	moduleFiles   = 7
	modulePCs     = 10
	moduleRecords = 13
	moduleIndex   = 16
	moduleBuckets = 19
	moduleData    = 40
	moduleEnd     = 41 // of the line table, and of the buckets, which end it
	moduleWords   = 42
)

func word(b []byte) uint64       { return binary.LittleEndian.Uint64(b) }
func half(b []byte) uint32       { return binary.LittleEndian.Uint32(b) }
func putHalf(b []byte, v uint32) { binary.LittleEndian.PutUint32(b, v) }

// find finds the functions by runtime.moduledata, which begins with the address
// of the line table's header and that of what stands behind it.
func find(image []byte) (functions, error) {
	for at := 0; at+moduleWords*wordSize <= len(image); at += wordSize {
		module := image[at:]
		header := word(module)
		if header == 0 || header > uint64(len(image)-headerSize) || word(module[moduleNames*wordSize:]) != header+headerSize {
			continue
		}
		if h := image[header:][:headerSize]; word(h[headerNames:]) == headerSize {
			return read(image, module, h)
		}
	}
	return functions{}, errors.New("it has no line table of the form that is known")
}

func read(image, module, header []byte) (f functions, err error) {
	if string(header[:len(lineTable)]) != lineTable {
		return f, fmt.Errorf("its line table begins with % x, and only % x is known", header[:len(lineTable)], lineTable)
	}
	// between returns what lies between two addresses.
	between := func(from, to uint64) []byte {
		if from > to || to > uint64(len(image)) {
			err = fmt.Errorf("its line table goes from %#x to %#x, in a memory of %#x octets", from, to, len(image))
			return nil
		}
		return image[from:to]
	}
	address := func(i int) uint64 { return word(module[i*wordSize:]) }
	slice := func(i int) []byte { return between(address(i), address(i)+min(address(i+1), uint64(len(image)))) }
	f.names, f.pcs, f.records = slice(moduleNames), slice(modulePCs), slice(moduleRecords)
	f.files = between(address(moduleUnits), address(moduleFiles)+min(address(moduleFiles+1), uint64(len(image))))
	f.data, f.buckets = between(address(moduleData), address(moduleBuckets)), between(address(moduleBuckets), address(moduleEnd))
	f.atRecords, f.atBuckets = address(moduleRecords), address(moduleBuckets)
	if err != nil {
		return f, err
	}
	count, indexed := word(header[headerCount:]), address(moduleIndex+1) // the latter with an end
	if count == 0 || count != indexed-1 || indexed > uint64(len(f.records)/indexSize) || address(moduleIndex) != f.atRecords {
		return f, fmt.Errorf("its line table has %d functions, and an index of %d at %#x before %d octets of records at %#x",
			count, indexed, address(moduleIndex), len(f.records), f.atRecords)
	}
	f.count = int(count)
	return f, nil
}

// indexSize is what the index has for each function, in octets: its entry, and
// where in the records it is. Behind them stands the end of the last function.
const indexSize = 4 + 4

// Where things stand in runtime._func, in octets. Behind it stand, in 4 octets
// each, places in pcs, then places in data.
const (
	recordEntry  = 0 // number of the function in the module, as the runtime counts
	recordName   = 4
	recordStack  = 16 // in pcs: how large its frame is
	recordFile   = 20 // in pcs
	recordLine   = 24 // in pcs
	recordPCs    = 28 // how many
	recordUnit   = 32
	recordStart  = 36 // its line
	recordID     = 40
	recordData   = 43 // how many
	recordHead   = 44
	recordAlign  = 8
	recordNoData = 1<<32 - 1
)

// recordSize is how many octets a record has.
func recordSize(r []byte) uint64 {
	return recordHead + 4*(uint64(half(r[recordPCs:]))+uint64(r[recordData]))
}

// record returns that of a function, the i-th of the index.
func (f *functions) record(i int) ([]byte, error) {
	entry, at := half(f.records[indexSize*i:]), half(f.records[indexSize*i+4:])
	r := f.records[min(int(at), len(f.records)):]
	if len(r) < recordHead || recordSize(r) > uint64(len(r)) || half(r[recordEntry:]) != entry {
		return nil, errors.New("it has no record in the line table")
	}
	return r[:recordSize(r)], nil
}
