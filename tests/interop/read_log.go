// Reads a log of Tera with Go's own client for transparency logs (golang.org/x/mod/sumdb): the signature of its
// checkpoint, every entry's proof of inclusion, and for every size the proof that the log only grew.
//
//	go run read_log.go FOLDER
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

type tiles struct{ folder string }

func (t tiles) Height() int { return height }

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// ReadTiles finds tiles where C2SP tlog-tiles puts them: as Go's own path, without the height.
func (t tiles) ReadTiles(asked []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range asked {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		content, err := os.ReadFile(filepath.Join(t.folder, filepath.FromSlash(path)))
		if err != nil {
			return nil, err
		}
		found = append(found, content)
	}
	return found, nil
}

func read(folder, name string) []byte {
	content, err := os.ReadFile(filepath.Join(folder, name))
	check(err)
	return content
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func entries(folder string, size int64) [][]byte {
	var all [][]byte
	for first := int64(0); first < size; first += 1 << height {
		width := size - first
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: 0, N: first >> height, W: int(width)}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/0/", height), "tile/entries/", 1)
		for content := read(folder, path); len(content) > 0; {
			length := int(binary.BigEndian.Uint16(content))
			all = append(all, content[2:2+length])
			content = content[2+length:]
		}
	}
	return all
}

func main() {
	folder := os.Args[1]
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(folder, "key"))))
	check(err)
	opened, err := note.Open(read(folder, "checkpoint"), note.VerifierList(verifier))
	check(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	check(err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	reader := tlog.TileHashReader(tree, tiles{folder})
	all := entries(folder, size)
	if int64(len(all)) != size {
		log.Fatalf("%d entries, and the checkpoint says %d", len(all), size)
	}
	for place, entry := range all {
		proof, err := tlog.ProveRecord(size, int64(place), reader)
		check(err)
		check(tlog.CheckRecord(proof, size, tree.Hash, int64(place), tlog.RecordHash(entry)))
	}
	for old := int64(1); old <= size; old++ {
		hash, err := tlog.TreeHash(old, reader)
		check(err)
		proof, err := tlog.ProveTree(size, old, reader)
		check(err)
		check(tlog.CheckTree(proof, size, tree.Hash, old, hash))
	}
	fmt.Printf("%s: signed by %s; %d entries proved, %d beginnings proved\n", lines[0], verifier.Name(), size, size)
}
