#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "app/command.hpp"
#include "hindlimb/core/errors.hpp"

namespace hindlimb::app {

/// Makes a folder and those above it, where they are not there.
/// @throws InputError if it cannot be made
void make_folder(const std::filesystem::path& folder);

/// Where results will go: -o FILE, else results/<stem of the input>.h5. Refused now rather than after the work.
/// @throws InputError if it is a directory, or cannot be written
std::filesystem::path output_path(const std::string& input, const po::variables_map& options);

/// The same for a file that must not exist, unless there is --force.
/// @throws InputError also if it exists
std::filesystem::path output_file(const std::string& input, const po::variables_map& options);

/// @throws InputError if a file cannot be written: it is a directory, or stands in none that can be written to
void require_writable(const std::filesystem::path& file);

/// What is wrong with writing a file that exists, unless there is --force; nothing where it does not.
std::optional<Problem> already_there(const std::filesystem::path& file, const po::variables_map& options);

/// Writes a text file that was checked before.
void write_text(const std::filesystem::path& file, const std::string& text);

/// @throws InputError if the output, which is about to be replaced, is one of the inputs
void require_no_input(const std::filesystem::path& output, const std::vector<std::filesystem::path>& inputs);

}  // namespace hindlimb::app
